namespace IncomingCalls;

/// <summary>The entries of the configuration, sorted into instances and complaints.</summary>
internal sealed class ConfiguredList
{
    private static readonly Uri DefaultApiUrl = new("https://api.green-api.com");

    public static ConfiguredList Empty { get; } = new();

    public IReadOnlyCollection<CallInstance> Instances { get; private init; } = [];

    public IReadOnlyList<(string Key, string Complaint)> Complaints { get; private init; } = [];

    public IReadOnlyList<string> Skipped => [.. Complaints.Select(complaint => complaint.Key)];

    /// <param name="entries">The entries.</param>
    /// <param name="before">The list so far: an entry that says the same stays the same object, so that nobody takes it for changed.</param>
    public static ConfiguredList Of(IList<GreenApiInstanceOptions> entries, ConfiguredList before)
    {
        List<CallInstance> instances = [];
        List<(string, string)> complaints = [];
        for (var i = 0; i < entries.Count; i++)
        {
            var instance = ToInstance(entries[i], out var complaint);
            if (instance is null)
            {
                complaints.Add(($"GreenApi:Instances:{i}", complaint!));
            }
            else
            {
                instances.Add(before.Instances.FirstOrDefault(old => IsSame(old, instance)) ?? instance);
            }
        }

        return new() { Instances = instances, Complaints = complaints };
    }

    private static CallInstance? ToInstance(GreenApiInstanceOptions entry, out string? complaint)
    {
        var isAddress = Uri.TryCreate(entry.ApiUrl?.Trim(), UriKind.Absolute, out var address);
        var instance = new CallInstance
        {
            IdInstance = entry.IdInstance,
            ApiUrl = isAddress ? address! : DefaultApiUrl,
            ApiTokenInstance = string.IsNullOrWhiteSpace(entry.ApiTokenInstance) ? null : entry.ApiTokenInstance.Trim(),
            Receive = entry.Receive,
            Scenario = entry.Scenario,
        };
        complaint = !string.IsNullOrWhiteSpace(entry.ApiUrl) && !isAddress ? InstanceCheck.AddressComplaint(null)
            : entry.Receive == ReceiveMode.Webhook && instance.ApiTokenInstance is null && entry.IdInstance > 0 ? null
            : InstanceCheck.Complaint(instance);
        return complaint is null ? instance : null;
    }

    private static bool IsSame(CallInstance a, CallInstance b) =>
        a.IdInstance == b.IdInstance && a.ApiUrl == b.ApiUrl && a.ApiTokenInstance == b.ApiTokenInstance
        && a.Receive == b.Receive && a.Scenario == b.Scenario;
}
