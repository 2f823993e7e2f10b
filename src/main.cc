#include "cli/cli.h"

int main(int argc, char** argv) { return crmsink::Main(argc, argv); }
