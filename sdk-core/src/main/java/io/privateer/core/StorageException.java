package io.privateer.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file that a component depends on is missing, damaged, somebody else's, or cannot be written. */
public final class StorageException extends PirateException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception from what happened, in words, and its cause. */
    public StorageException(String message, @Nullable Throwable cause) {
        super(Reason.STORAGE_UNUSABLE, message, List.of(), cause);
    }
}
