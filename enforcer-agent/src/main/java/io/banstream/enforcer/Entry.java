package io.banstream.enforcer;

import io.banstream.schemas.Address;

/** One address or network in one jail's set. */
record Entry(String jail, Address address) {}
