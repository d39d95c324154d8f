using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.GreenApi.Instances;

/// <summary>The instances of <see cref="GreenApiOptions"/>, as of the last change that was valid.</summary>
internal sealed class ConfiguredInstanceSource : IInstanceSource, IDisposable
{
    private readonly ILogger _logger;
    private readonly LastKnownGoodOptions<GreenApiOptions> _options;
    private volatile ConfiguredInstanceList _current;
    private CancellationTokenSource _changed = new();

    public ConfiguredInstanceSource(LastKnownGoodOptions<GreenApiOptions> options, ILogger<ConfiguredInstanceSource> logger)
    {
        _logger = logger;
        _options = options;
        _current = Read(options.CurrentValue);
        options.Changed += Reload;
    }

    /// <summary>
    /// A skipped entry is an instance that exists: its notifications must not be refused as a stranger's, so then the list does
    /// not count as complete.
    /// </summary>
    public bool IsComplete => _current is { Instances.Count: > 0, SkippedKeys.Count: 0 };

    /// <summary>Entries have no tokens of their own, so only a host that polls them all can do without one.</summary>
    public bool IsWebhookTokenOptional =>
        _current.Instances.Count > 0 && _current.Instances.All(instance => instance.Receive == ReceiveMode.Polling);

    /// <summary>The keys of the entries that cannot work.</summary>
    public IReadOnlyList<string> SkippedKeys => _current.SkippedKeys;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_current.Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_current.Instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    public void Dispose()
    {
        _options.Changed -= Reload;
        _changed.Dispose();
    }

    private void Reload(GreenApiOptions options)
    {
        _current = Read(options);
        // Not disposed: somebody may be about to register with its token.
        Interlocked.Exchange(ref _changed, new()).Cancel();
    }

    private ConfiguredInstanceList Read(GreenApiOptions options)
    {
        var next = ConfiguredInstanceList.Create(options.Instances ?? []);
        foreach (var (key, complaint) in next.Problems)
        {
            _logger.InstanceEntrySkipped(key, complaint);
        }

        return next;
    }
}

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
