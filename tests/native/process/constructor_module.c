/* A module of a host: while it is loaded, with the loader's lock held, its constructor runs a function of the program's. */

void constructor_of_a_module(void);

__attribute__((constructor)) static void construct(void) { constructor_of_a_module(); }
