using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Options;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli.Connections;

/// <summary>The options that name an instance of GREEN-API, for every command that works with one.</summary>
internal sealed class InstanceOptions
{
    private readonly Option<long?> _idInstance = NumberOption.Create("--id-instance", "The instance; may be left out when the configuration has only one.", 1, long.MaxValue);

    private readonly Option<string?> _token = new("--token")
    {
        Description = "Its apiTokenInstance. Other users of the machine can see command lines: a file or an environment variable is safer.",
        HelpName = "token",
    };

    private readonly Option<string?> _apiUrl = new("--api-url")
    {
        Description = "The address of the API, as the console shows it.",
        HelpName = "url",
    };

    private readonly Option<FileInfo?> _config;

    /// <param name="command">The command.</param>
    /// <param name="config">The option that names the file, which the command has for other things too.</param>
    public InstanceOptions(Command command, Option<FileInfo?>? config = null)
    {
        _config = config ?? HostConfiguration.CreateOption();
        command.Options.Add(_idInstance);
        command.Options.Add(_token);
        command.Options.Add(_apiUrl);
        command.Options.Add(_config);
    }

    /// <summary>The instance that the options, the environment or the file name; in this order.</summary>
    /// <exception cref="CommandFailedException">None can be used, or it is not clear which.</exception>
    public CallInstance SelectInstance(ParseResult arguments) =>
        InstanceSelector.Select(LoadGreenApiSection(arguments), arguments.GetValue(_idInstance), arguments.GetValue(_token), arguments.GetValue(_apiUrl));

    /// <summary>The same; but where several are configured and no option names one, all of them.</summary>
    /// <exception cref="CommandFailedException">None can be used.</exception>
    public IReadOnlyList<SelectedInstance> SelectInstances(ParseResult arguments)
    {
        var isNamed = arguments.GetValue(_idInstance) is not null || arguments.GetValue(_token) is not null || arguments.GetValue(_apiUrl) is not null;
        return !isNamed && InstanceSelector.SelectAll(LoadGreenApiSection(arguments)) is { Count: > 1 } all
            ? all
            : [new(SelectInstance(arguments))];
    }

    private IConfigurationSection LoadGreenApiSection(ParseResult arguments) => HostConfiguration.Load(arguments.GetValue(_config)).GetSection("GreenApi");
}

/// <summary>Which instance is meant.</summary>
internal static class InstanceSelector
{
    private const string SourcesHint =
        "give --id-instance and --token, name a --config file, or set GreenApi__Instances__0__IdInstance and GreenApi__Instances__0__ApiTokenInstance";

    /// <param name="greenApi">The section <c>GreenApi</c> of a host's configuration.</param>
    /// <param name="idInstance">The number asked for.</param>
    /// <param name="token">Its secret, which beats the configured one.</param>
    /// <param name="apiUrl">Its address, which beats the configured one.</param>
    /// <exception cref="CommandFailedException">None can be used, or it is not clear which.</exception>
    public static CallInstance Select(IConfigurationSection greenApi, long? idInstance, string? token, string? apiUrl)
    {
        var entries = Read(greenApi);
        var entry = idInstance is { } number
            ? entries.FirstOrDefault(entry => entry.IdInstance == number) ?? new() { IdInstance = number }
            : SingleEntry(entries);
        var chosen = new SelectedInstance(new GreenApiInstanceOptions
        {
            IdInstance = entry.IdInstance,
            ApiTokenInstance = token ?? entry.ApiTokenInstance,
            ApiUrl = apiUrl ?? entry.ApiUrl,
            Receive = entry.Receive,
        });
        return chosen.Instance ?? throw Unusable(
            idInstance is not null && (token ?? entry.ApiTokenInstance) is null ? $"There is no token for instance {idInstance}: {SourcesHint}." : chosen.Problem!);
    }

    /// <summary>All that are configured, those that cannot work too.</summary>
    /// <exception cref="CommandFailedException">The configuration cannot be read.</exception>
    public static IReadOnlyList<SelectedInstance> SelectAll(IConfigurationSection greenApi) => [.. Read(greenApi).Select(entry => new SelectedInstance(entry))];

    private static IList<GreenApiInstanceOptions> Read(IConfigurationSection greenApi)
    {
        var options = new GreenApiOptions();
        try
        {
            GreenApiOptionsBinder.Bind(greenApi, options);
        }
        catch (InvalidOperationException e)
        {
            throw Unusable(GreenApiOptionsBinder.CreateErrorMessage(e));
        }

        return options.Instances ?? [];
    }

    private static GreenApiInstanceOptions SingleEntry(IList<GreenApiInstanceOptions> entries) => entries switch
    {
        [] => throw Unusable($"No instance is configured: {SourcesHint}."),
        [{ BindingError: { } problem }] => throw Unusable(problem),
        [var only] => only,
        _ => throw Unusable($"Several instances are configured: choose one with --id-instance {string.Join(" or ", entries.Select(entry => entry.IdInstance))}."),
    };

    private static CommandFailedException Unusable(string sentence) => new(ExitCode.Unusable, sentence);
}

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
