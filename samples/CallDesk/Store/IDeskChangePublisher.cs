namespace CallDesk.Store;

/// <summary>Tells every page that is open anywhere that a row was written.</summary>
internal interface IDeskChangePublisher
{
    /// <summary>Tells of a change. It may be told twice; the pages do not mind.</summary>
    /// <exception cref="Exception">Nobody may have been told. Tell it again.</exception>
    Task PublishAsync(DeskChange change);
}

/// <summary>Which row changed. Whoever shows it reads it anew, so that an old message never shows an old row.</summary>
/// <param name="Kind">What kind of row.</param>
/// <param name="Id">Its primary key.</param>
[GenerateSerializer, Immutable, Alias("CallDesk.DeskChange")]
internal sealed record DeskChange([property: Id(0)] DeskRowKind Kind, [property: Id(1)] string Id);

/// <summary>What a row of the desk is about. The numbers go between nodes of different versions.</summary>
[GenerateSerializer, Alias("CallDesk.DeskRowKind")]
internal enum DeskRowKind
{
    Call = 0,
    Event = 1,
    Record = 2,
    Alert = 3,
    Callback = 4,
}
