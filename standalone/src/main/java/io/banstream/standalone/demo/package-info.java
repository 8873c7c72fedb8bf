/** What {@code demo} plays: three relays, their mail, and those who guess passwords. */
package io.banstream.standalone.demo;
