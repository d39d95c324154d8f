namespace IncomingCalls;

/// <summary>Whoever has a part in the writes of a state. An interface and not two delegates, which thousands of calls would keep.</summary>
internal interface IStateWriteParticipant<in T>
{
    /// <summary>What has to happen beside a write before it counts: given the state to be.</summary>
    Task OnWritingAsync(T next);

    /// <summary>Told when somebody else was found to have written the state.</summary>
    void OnConflict();
}
