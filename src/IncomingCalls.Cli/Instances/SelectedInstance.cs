namespace IncomingCalls.Cli;

/// <summary>An instance that was asked for, or why it cannot work.</summary>
internal sealed class SelectedInstance
{
    public SelectedInstance(CallInstance instance) => (IdInstance, Instance) = (instance.IdInstance, instance);

    public SelectedInstance(GreenApiInstanceOptions entry)
    {
        var list = ConfiguredInstanceList.Create([entry]);
        IdInstance = entry.IdInstance;
        Instance = list.Instances.SingleOrDefault();
        Problem = Instance is null ? entry.BindingError ?? $"Instance {entry.IdInstance} {list.Problems[0].Complaint}" : null;
    }

    public long IdInstance { get; }

    /// <summary>The instance; null when it cannot work.</summary>
    public CallInstance? Instance { get; }

    /// <summary>Why it cannot work, in a sentence; null when it can.</summary>
    public string? Problem { get; }
}
