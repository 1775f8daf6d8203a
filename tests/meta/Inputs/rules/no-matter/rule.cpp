FORKLINT_RULE("no-matter") {}
