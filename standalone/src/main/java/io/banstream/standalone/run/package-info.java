/** The roles at work in this process: their folders, their start and end, what they tell. */
package io.banstream.standalone.run;
