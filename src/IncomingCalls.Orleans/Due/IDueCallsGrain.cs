using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>A bucket: the calls with something to do, so that somebody knows of them when their own silo is gone.</summary>
[Alias("IncomingCalls.IDueCallsGrain")]
internal interface IDueCallsGrain : IGrainWithIntegerKey, IUpkeptGrain
{
    /// <summary>Enters calls: when it returns, the entries are in the storage.</summary>
    /// <returns>How many calls the bucket has.</returns>
    [Alias("Keep")]
    Task<int> KeepAsync(ImmutableArray<DueReport> entries);

    /// <summary>Notes in memory what entries say from now on, or that they end; the next write carries it along.</summary>
    [Alias("Note")]
    Task NoteAsync(ImmutableArray<DueReport> reports);

    /// <summary>Counts.</summary>
    [Alias("Count")]
    Task<DueFigures> CountAsync();
}
