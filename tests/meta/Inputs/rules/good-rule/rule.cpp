FORKLINT_RULE("good-rule") { finding.message = "`" + name + "` forks here"; }
