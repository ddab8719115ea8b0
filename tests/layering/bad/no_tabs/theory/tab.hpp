// Bad: a tab.
#pragma once
	int indented;
