/**
 * The live demo: a queue, workers and a load client, each in a process of its own, and a plan of whom to kill.
 *
 * <p>Start with {@link io.privateer.samples.demo.DemoCommand}. One thread decides everything; a thread per child only
 * passes on what the child says. {@code Nemesis}, {@code Ledger}, {@code FaultJournal} and {@code Report} touch no process.
 */
@NullMarked
package io.privateer.samples.demo;

import org.jspecify.annotations.NullMarked;
