// What does a consumer without the claims have of them? Nothing to miss.
bool claims_are_there() { return true; }
