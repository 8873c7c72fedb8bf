/** fail2ban and banstream side by side on one host: who banned whom, and why the two differ. */
package io.banstream.standalone.shadow;
