FORKLINT_RULE("no-page") {}
