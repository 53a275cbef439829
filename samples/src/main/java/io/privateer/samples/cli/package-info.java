/** The commands that run one part of the SDK each, and what all commands share: options, errors, lines of output. */
@NullMarked
package io.privateer.samples.cli;

import org.jspecify.annotations.NullMarked;
