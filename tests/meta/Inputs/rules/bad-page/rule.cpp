FORKLINT_RULE("another-name") {
  finding.message = "Forks while `" + name + "` runs";
  finding.message = name + " is held here.";
}
