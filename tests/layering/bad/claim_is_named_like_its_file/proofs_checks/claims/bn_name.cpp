// Bad: the claim has another name; only a comment has the right one: Claim bn_name() {
namespace normproof::claims {

Claim bn_other_name() { return {}; }

}  // namespace normproof::claims
