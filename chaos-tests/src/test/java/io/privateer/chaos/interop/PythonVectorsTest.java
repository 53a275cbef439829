package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The golden vectors as a codec reads them that was written from the specification alone. */
class PythonVectorsTest {

    @Test
    void theVectorsHoldInPython() {
        try (PythonPeer check =
                PythonPeer.start("json", new String[] {"prv.py", "vectors", "../docs/prv1-vectors.json"})) {
            assertThat(check.awaitEnd()).as(check.output()).isZero();
            assertThat(check.output()).contains("vectors, 0 failed");
        }
    }
}
