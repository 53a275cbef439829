/**
 * Pipeline: batches of tasks that survive their ventilator, workers and sink.
 */
@NullMarked
package io.privateer.pipeline;

import org.jspecify.annotations.NullMarked;
