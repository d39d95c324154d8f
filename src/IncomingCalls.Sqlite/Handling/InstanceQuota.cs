namespace IncomingCalls;

/// <summary>What an instance has in hand. Belongs to the writer's thread.</summary>
internal sealed class InstanceQuota(long idInstance)
{
    public long IdInstance => idInstance;

    /// <summary>How many of its calls are in hand.</summary>
    public int Count { get; set; }

    /// <summary>Whether more of its calls wait in the file, as far as we know.</summary>
    public bool HasMore { get; set; }

    /// <summary>Whether they are being fetched.</summary>
    public bool IsLoading { get; set; }
}
