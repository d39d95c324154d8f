namespace IncomingCalls;

/// <summary>The entries of the configuration, sorted into instances and complaints.</summary>
internal sealed class ConfiguredInstanceList
{
    private static readonly Uri DefaultApiUrl = new("https://api.green-api.com");

    public IReadOnlyCollection<CallInstance> Instances { get; private init; } = [];

    public IReadOnlyList<(string Key, string Complaint)> Problems { get; private init; } = [];

    public IReadOnlyList<string> SkippedKeys => [.. Problems.Select(complaint => complaint.Key)];

    public static ConfiguredInstanceList Create(IList<GreenApiInstanceOptions> entries)
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
                instances.Add(instance);
            }
        }

        return new() { Instances = instances, Problems = complaints };
    }

    private static CallInstance? ToInstance(GreenApiInstanceOptions entry, out string? complaint)
    {
        if (FindEntryProblem(entry) is { } problem)
        {
            complaint = problem;
            return null;
        }

        var isAddress = Uri.TryCreate(entry.ApiUrl?.Trim(), UriKind.Absolute, out var address);
        var instance = new CallInstance
        {
            IdInstance = entry.IdInstance,
            ApiUrl = isAddress ? address! : DefaultApiUrl,
            ApiTokenInstance = string.IsNullOrWhiteSpace(entry.ApiTokenInstance) ? null : entry.ApiTokenInstance.Trim(),
            Receive = entry.Receive,
            Scenario = entry.Scenario,
        };
        complaint = !string.IsNullOrWhiteSpace(entry.ApiUrl) && !isAddress ? InstanceValidator.FindAddressProblem(null)
            : entry.Receive == ReceiveMode.Webhook && instance.ApiTokenInstance is null && entry.IdInstance > 0 ? null
            : InstanceValidator.FindProblem(instance);
        return complaint is null ? instance : null;
    }

    private static string? FindEntryProblem(GreenApiInstanceOptions entry) =>
        entry.BindingError is not null ? $"cannot be read: {entry.BindingError}"
        : !Enum.IsDefined(entry.Receive) ? $"has Receive {entry.Receive}, which is no way to receive. Write Polling or Webhook."
        : entry.Scenario is { } scenario && !Enum.IsDefined(scenario) ? $"has Scenario {scenario}, which is no scenario. Write {string.Join(", ", Enum.GetNames<CallScenario>())}."
        : entry.CallerNamesPerSecond is < 1 or > 10 ? $"has CallerNamesPerSecond {entry.CallerNamesPerSecond}. Write a number from 1 to 10."
        : null;
}
