# Writes OUT: one raw string for each of FILES, found by link::builtinModelFiles.
set(text "// Generated from rules/models/*.toml.\n#include \"analyzers/link/models.h\"\n\nnamespace forklint::link {\nstatic const std::pair<llvm::StringRef, llvm::StringRef> files[] = {\n")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} content)
  string(APPEND text "    {\"rules/models/${name}\", R\"model-file(${content})model-file\"},\n")
endforeach()
string(APPEND text "};\nllvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> builtinModelFiles() { return files; }\n} // namespace forklint::link\n")
file(WRITE ${OUT} "${text}")
