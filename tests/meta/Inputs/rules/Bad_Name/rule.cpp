FORKLINT_RULE("Bad_Name") { finding.message = "`" + name + "` forks here"; }
