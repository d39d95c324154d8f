using IncomingCalls.Orleans.Serialization;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The grain with the pauses of destinations and the permits of rate limits. The cluster has one; its key is 0.</summary>
[Alias("IncomingCalls.IDestinationsGrain")]
internal interface IDestinationsGrain : IGrainWithIntegerKey, IKeepAliveGrain
{
    /// <summary>Asks whether an attempt may start. A permit is taken, and a probe begins.</summary>
    [Alias("Admit")]
    Task<AttemptAdmission> AdmitAsync(AttemptRequest request);

    /// <summary>Replaces a pause, unless it is not the expected one.</summary>
    /// <param name="handler">The name of the handler.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="before">The expected <see cref="DestinationPause"/>; null for none.</param>
    /// <param name="after">The new <see cref="DestinationPause"/>; null for none.</param>
    /// <returns>A task whose result is the stored pause: the new one, or the one that was not expected.</returns>
    [Alias("Change")]
    Task<JsonPayload?> ChangePauseAsync(string handler, string destination, JsonPayload? before, JsonPayload? after);

    /// <summary>Gets the pauses, each a <see cref="DestinationPause"/>.</summary>
    [Alias("List")]
    Task<JsonPayload[]> ListPausesAsync();

    /// <summary>Ends pauses.</summary>
    /// <param name="action">The <see cref="AdministrationLogEntry"/> of the action, whose filter selects the pauses; the grain sets its id, time and count.</param>
    /// <returns>A task whose result is the number of ended pauses.</returns>
    [Alias("End")]
    Task<int> EndPausesAsync(JsonPayload action);

    /// <summary>Gets the newest actions, newest first, as <see cref="AdministrationLogEntry"/>.</summary>
    [Alias("ListLog")]
    Task<JsonPayload[]> ListLogAsync(int limit);
}

/// <summary>An attempt that is due, in messages between nodes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.AttemptRequest")]
internal sealed class AttemptRequest
{
    /// <summary>The key of the call.</summary>
    [Id(0)]
    public required string Call { get; init; }

    [Id(1)]
    public required string Handler { get; init; }

    [Id(2)]
    public string? Destination { get; init; }

    /// <summary>The partition of the rate limit of the handler, if it has one.</summary>
    [Id(3)]
    public required string Partition { get; init; }

    /// <summary>Whether the delivery has waited for a permit, so that it precedes those that have not.</summary>
    [Id(4)]
    public bool HasWaitedForPermit { get; init; }
}

/// <summary>When an attempt starts, in messages between nodes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.AttemptAdmission")]
internal sealed class AttemptAdmission
{
    /// <summary>When the attempt starts, or if it must wait, when it asks again, in UTC.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    [Id(1)]
    public bool MustWait { get; init; }

    /// <summary>The <see cref="DestinationPause"/> for which the attempt waits, or whose probe it is; null for none.</summary>
    [Id(2)]
    public JsonPayload? Pause { get; init; }

    /// <summary>Whether another attempt probes the destination now, so that it may be available again.</summary>
    [Id(3)]
    public bool IsBeingProbed { get; init; }
}
