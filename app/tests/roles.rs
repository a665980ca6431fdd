//! Role × permission × widest reach over all contexts, for review: a change to it is a change to who sees what.

#[test]
fn who_may_do_what_can_be_reviewed() {
    insta::assert_snapshot!(identity::matrix(&lianbing::wiring::permissions()));
}
