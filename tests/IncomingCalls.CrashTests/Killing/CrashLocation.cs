namespace IncomingCalls.CrashTests;

/// <summary>Where a host kills itself: every place between two steps that an outsider can tell apart.</summary>
internal enum CrashLocation
{
    /// <summary>The inbox is about to open its file.</summary>
    Opening = 0,

    /// <summary>The file is open, and no transport has started.</summary>
    Opened,

    /// <summary>A poll has brought a notification, which nobody has looked at.</summary>
    Received,

    /// <summary>The intake has a notification, and has not read it.</summary>
    Reading,

    /// <summary>It is read and decided upon, and about to be handed to the inbox.</summary>
    Storing,

    /// <summary>A row is written, in a transaction that is not committed.</summary>
    Writing,

    /// <summary>A commit has been asked for, and nothing of it is in the log yet.</summary>
    Committing,

    /// <summary>A commit has returned, and nobody knows.</summary>
    Committed,

    /// <summary>The inbox has said that it has the notification.</summary>
    Stored,

    /// <summary>The intake has told the transport, which has not answered.</summary>
    Acknowledging,

    /// <summary>The webhook's answer is written.</summary>
    Acknowledged,

    /// <summary>A deletion is about to be sent.</summary>
    Deleting,

    /// <summary>A deletion is answered.</summary>
    Deleted,

    /// <summary>A handler is about to run.</summary>
    Handling,

    /// <summary>A handler has written its effect, and has not returned.</summary>
    Handled,

    /// <summary>An attempt has ended, and is not marked.</summary>
    Settling,
}
