#pragma once

// Bad: the comment comes second.
