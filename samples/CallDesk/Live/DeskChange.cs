namespace CallDesk.Live;

/// <summary>Which row changed. Whoever shows it reads it anew, so that an old message never shows an old row.</summary>
/// <param name="Kind">What kind of row.</param>
/// <param name="Id">Its primary key.</param>
[GenerateSerializer, Immutable, Alias("CallDesk.DeskChange")]
internal sealed record DeskChange([property: Id(0)] DeskRowKind Kind, [property: Id(1)] string Id);
