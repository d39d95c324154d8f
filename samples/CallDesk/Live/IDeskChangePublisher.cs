namespace CallDesk.Live;

/// <summary>Tells every page that is open anywhere that a row was written.</summary>
internal interface IDeskChangePublisher
{
    /// <summary>Tells of a change. It may be told twice; the pages do not mind.</summary>
    /// <exception cref="Exception">Nobody may have been told. Tell it again.</exception>
    Task PublishAsync(DeskChange change);
}
