/** The broker inside {@code up}: one node, closed to everyone who has no secret of its folder. */
package io.banstream.standalone.broker;
