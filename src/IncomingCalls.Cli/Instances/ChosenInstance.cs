namespace IncomingCalls.Cli;

/// <summary>An instance that was asked for, or why it cannot work.</summary>
internal sealed class ChosenInstance
{
    public ChosenInstance(CallInstance instance) => (IdInstance, Instance) = (instance.IdInstance, instance);

    public ChosenInstance(GreenApiInstanceOptions entry)
    {
        var list = ConfiguredList.Of([entry]);
        IdInstance = entry.IdInstance;
        Instance = list.Instances.SingleOrDefault();
        Complaint = Instance is null ? entry.Problem ?? $"Instance {entry.IdInstance} {list.Complaints[0].Complaint}" : null;
    }

    public long IdInstance { get; }

    /// <summary>The instance; null when it cannot work.</summary>
    public CallInstance? Instance { get; }

    /// <summary>Why it cannot work, in a sentence; null when it can.</summary>
    public string? Complaint { get; }
}
