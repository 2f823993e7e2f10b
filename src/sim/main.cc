#include <iostream>

#include "sim/program.h"

int main(int argc, char** argv) { return crmsink::sim::Run({argv + 1, argv + argc}, std::cout, std::cerr); }
