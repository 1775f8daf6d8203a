// What command lines mean, as rules/models/*.toml has it: launchers run the command behind them, interpreters
// a script or a module, servers import an application and fork workers, or do not. Option and setting names
// are written without dashes.
#pragma once

#include "analyzers/support/variants.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forklint::link {

/// Runs the command behind its own words. An interpreter (`module` is the option) runs a script or a module.
struct Launcher {
  std::vector<std::string> names;       // "python*" stands for all that begins so
  std::vector<std::string> values;      // options that take the word behind them
  std::vector<std::string> subcommands; // one of them must come first
  std::vector<std::string> unsets;      // options that take a variable out of the environment
  std::vector<std::string> clears;      // options that take all out; so does a single dash
  std::string text;                     // the option whose value is a text of commands
  std::string module;                   // the option whose value is a module
  bool isInterpreter = false;
  bool skipsToSeparator = false; // a `--` stands before the command, where there is one
  int64_t words = 0;             // of its own, before the command
};

enum class ConfigurationFormat : uint8_t { None, Python, Settings };

/// The settings of the project around an application, which name its packages.
struct ProjectSettings {
  std::string variable;  // of the environment, which names the module
  std::string setBy;     // a call in the application that sets it where it is not set
  std::string object;    // what the application is configured by, if the module's names are its settings
  std::string packages;  // the list of the module that names them, or classes of theirs
  std::string attribute; // of such a class, which names its package
};

/// How a server is asked for, what it imports before and after its fork, and which names of its configuration
/// it calls.
struct Server {
  std::string name;
  std::vector<std::string> names;       // of the command, and of the module that an interpreter runs
  std::vector<std::string> subcommands; // its words must begin with one of them
  std::vector<std::string> flags;       // options without a value
  std::string variable;                 // of the environment, whose words are options before the command's
  std::string forks;                    // the row of what forks; empty: nothing does

  bool applicationIsWord = false; // the first word that is no option
  std::vector<std::string> applicationSettings;
  std::vector<std::string> submodules; // of the application's module, where it is a package
  std::vector<std::string> factory;    // with one of these set, the application is called
  std::vector<std::string> alsoLoads;  // settings that name more modules
  std::vector<std::string> literals;   // settings that the application's module may hold
  std::string configures;              // a call there that names a module of settings
  std::string discovers;               // a call there that names packages, of which submodules are imported
  std::string discovered;              // the name of these submodules, unless the call gives another one
  ProjectSettings project;             // whose packages it looks through where the call names none

  ConfigurationFormat format = ConfigurationFormat::None;
  bool configurationIsWord = false;
  std::vector<std::string> configurationSettings;
  std::string defaultConfiguration; // a file beside the command, read if nothing is named
  std::string section;              // of a file of settings

  std::vector<std::string> forksWith; // one of these must be set; empty: it forks always
  std::vector<std::string> forksForSettings, forksForValues; // if one is set, to one of these values
  std::string starts;                    // the row of a thread of its own, from before the fork on
  std::vector<std::string> startsUnless; // with one of these set, there is none
  bool loadsBeforeFork = false;
  std::vector<std::string> otherOrder; // with one of these set, it is the other way round
  std::vector<std::string> beforeFork; // functions of the configuration, in order
  std::vector<std::string> inChild;
};

/// A program around files of some names, which runs something of its own, `starts`, before them.
struct Session {
  std::vector<std::string> names; // of files, with `*`
  std::string starts;             // a row of the models
};

struct Commands {
  std::vector<Launcher> launchers;
  std::vector<Server> servers;
  std::vector<Session> sessions;
  std::vector<std::string> testModules; // names of files, with `*`
  Variants preloadsMain = 0;            // for which a fork server imports the main module
};

} // namespace forklint::link
