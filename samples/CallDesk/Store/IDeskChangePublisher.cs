namespace CallDesk.Store;

/// <summary>Publishes changes of rows to every open page.</summary>
internal interface IDeskChangePublisher
{
    /// <summary>Publishes a change. Idempotent: publishing it twice has no further effect on the pages.</summary>
    /// <exception cref="Exception">The change may not be published. Publish it again.</exception>
    Task PublishAsync(DeskChange change);
}

/// <summary>A change of a row, or of the open callbacks. It contains only the key: receivers read the current row, so a late message never shows an old state.</summary>
/// <param name="Kind">The kind of the row.</param>
/// <param name="Id">The primary key of the row; empty for the open callbacks.</param>
[GenerateSerializer, Immutable, Alias("CallDesk.DeskChange")]
internal sealed record DeskChange([property: Id(0)] DeskRowKind Kind, [property: Id(1)] string Id)
{
    /// <summary>The list of the open callbacks has changed.</summary>
    public static readonly DeskChange Callbacks = new(DeskRowKind.Callbacks, "");
}

/// <summary>The kinds of changes. Nodes of different versions exchange the numbers; 4 is that of rows which an earlier version had.</summary>
[GenerateSerializer, Alias("CallDesk.DeskRowKind")]
internal enum DeskRowKind
{
    Call = 0,
    Event = 1,
    Record = 2,
    Alert = 3,
    Callbacks = 5,
}
