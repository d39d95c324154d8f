using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.GreenApi.Instances;

/// <summary>Provides the instances of <see cref="GreenApiOptions"/>, as of the last valid change of the configuration.</summary>
internal sealed class ConfiguredInstanceSource : IInstanceSource, IDisposable
{
    private readonly ILogger _logger;
    private readonly LastKnownGoodOptions<GreenApiOptions> _options;
    private readonly ChangeSignal _changes = new();
    private volatile ConfiguredInstanceList _current;

    public ConfiguredInstanceSource(LastKnownGoodOptions<GreenApiOptions> options, ILogger<ConfiguredInstanceSource> logger)
    {
        _logger = logger;
        _options = options;
        _current = Read(options.CurrentValue);
        options.Changed += Reload;
    }

    /// <summary>
    /// Whether the list contains all instances. A skipped entry stands for an existing instance whose notifications must not be rejected as
    /// those of an unknown instance, so the list is then not complete.
    /// </summary>
    public bool IsComplete => _current is { Instances.Count: > 0, SkippedKeys.Count: 0 };

    /// <summary>
    /// Whether the webhook may have no token. Entries have no webhook tokens, so a token is optional only when all instances are polled.
    /// </summary>
    public bool IsWebhookTokenOptional =>
        _current.Instances.Count > 0 && _current.Instances.All(instance => instance.Receive == ReceiveMode.Polling);

    /// <summary>The keys of the invalid entries.</summary>
    public IReadOnlyList<string> SkippedKeys => _current.SkippedKeys;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_current.Instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_current.Instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => _changes.Token;

    public void Dispose() => _options.Changed -= Reload;

    private void Reload(GreenApiOptions options)
    {
        _current = Read(options);
        _changes.Signal();
    }

    private ConfiguredInstanceList Read(GreenApiOptions options)
    {
        var next = ConfiguredInstanceList.Create(options.Instances ?? []);
        foreach (var (key, problem) in next.Problems)
        {
            _logger.InstanceEntrySkipped(key, problem);
        }

        foreach (var problem in next.TextProblems)
        {
            _logger.InstanceTextsIgnored(problem);
        }

        return next;
    }
}

/// <summary>The entries of the configuration, separated into valid instances and problems.</summary>
internal sealed class ConfiguredInstanceList
{
    private static readonly Uri DefaultApiUrl = new("https://api.green-api.com");
    private static readonly GreenApiInstanceOptionsRanges Ranges = new();

    public IReadOnlyCollection<CallInstance> Instances { get; private init; } = [];

    /// <summary>The keys of the invalid entries, each with whole sentences about what is wrong.</summary>
    public IReadOnlyList<(string Key, string Problem)> Problems { get; private init; } = [];

    /// <summary>
    /// What is wrong with the texts, languages and time zones of entries, in whole sentences. They are ignored: calls must not be lost because of the text of
    /// a record.
    /// </summary>
    public IReadOnlyList<string> TextProblems { get; private init; } = [];

    public IReadOnlyList<string> SkippedKeys => [.. Problems.Select(entry => entry.Key)];

    public static ConfiguredInstanceList Create(IList<GreenApiInstanceOptions> entries)
    {
        List<CallInstance> instances = [];
        List<(string, string)> problems = [];
        List<string> textProblems = [];
        for (var i = 0; i < entries.Count; i++)
        {
            var key = $"GreenApi:Instances:{i}";
            var instance = ToInstance(key, entries[i], out var problem);
            if (instance is null)
            {
                problems.Add((key, problem!));
            }
            else if (FindTextProblem(key, entries[i]) is { } textProblem)
            {
                textProblems.Add(textProblem);
                instances.Add(WithoutTexts(instance));
            }
            else
            {
                instances.Add(instance);
            }
        }

        return new() { Instances = instances, Problems = problems, TextProblems = textProblems };
    }

    private static CallInstance? ToInstance(string key, GreenApiInstanceOptions entry, out string? problem)
    {
        problem = FindEntryProblem(key, entry);
        if (problem is not null)
        {
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
            Name = entry.Name,
            Account = entry.Account,
            Culture = entry.Culture,
            TimeZone = entry.TimeZone,
            Labels = entry.Labels?.AsReadOnly(),
        };
        problem = !string.IsNullOrWhiteSpace(entry.ApiUrl) && !isAddress ? InstanceValidator.FindAddressProblem(null)
            : entry.Receive == ReceiveMode.Webhook && instance.ApiTokenInstance is null && entry.IdInstance > 0 ? null
            : InstanceValidator.FindProblem(instance);
        return problem is null ? instance : null;
    }

    private static string? FindEntryProblem(string key, GreenApiInstanceOptions entry) =>
        entry.BindingError is { } error ? error
        : !Enum.IsDefined(entry.Receive) ? $"Receive is {entry.Receive}, which is not a valid value. Write Polling, Webhook or Journal."
        : entry.Scenario is { } scenario && !Enum.IsDefined(scenario) ? $"Scenario is {scenario}, which is not a valid value. Write {string.Join(", ", Enum.GetNames<CallScenario>())}."
        : FindRangeProblem(key, entry);

    private static string? FindRangeProblem(string key, GreenApiInstanceOptions entry)
    {
        var check = new OptionsCheck(key);
        check.RequireRanges(Ranges, entry);
        return check.Result.FailureMessage;
    }

    private static string? FindTextProblem(string key, GreenApiInstanceOptions entry)
    {
        var check = new OptionsCheck(key);
        check.RequireCulture("Culture", entry.Culture);
        check.RequireTimeZone("TimeZone", entry.TimeZone);
        LabelTemplate.Require(check, "Labels", entry.Labels);
        return check.Result.FailureMessage;
    }

    /// <summary>The texts of the account and the host are used instead, of all languages and labels: a part of an invalid entry says little about what was meant.</summary>
    private static CallInstance WithoutTexts(CallInstance instance) => new()
    {
        IdInstance = instance.IdInstance,
        ApiUrl = instance.ApiUrl,
        ApiTokenInstance = instance.ApiTokenInstance,
        Receive = instance.Receive,
        Scenario = instance.Scenario,
        Name = instance.Name,
        Account = instance.Account,
    };
}
