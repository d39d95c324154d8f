using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Options;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli.Connections;

/// <summary>The options that select an instance of GREEN-API, for all commands that use one.</summary>
internal sealed class InstanceOptions
{
    private readonly Option<long?> _idInstance = NumberOption.Create("--id-instance", "The instance. Not needed when the configuration contains only one.", 1, long.MaxValue);

    private readonly Option<string?> _token = new("--token")
    {
        Description = "The apiTokenInstance of the instance. Other users of the machine can see command lines: a file or an environment variable is safer.",
        HelpName = "token",
    };

    private readonly Option<string?> _apiUrl = new("--api-url")
    {
        Description = "The address of the API, as the GREEN-API console shows it.",
        HelpName = "url",
    };

    private readonly Option<FileInfo?> _config;

    /// <param name="command">The command.</param>
    /// <param name="config">The option for the configuration file, if the command already has one; otherwise null.</param>
    public InstanceOptions(Command command, Option<FileInfo?>? config = null)
    {
        _config = config ?? HostConfiguration.CreateOption();
        command.Options.Add(_idInstance);
        command.Options.Add(_token);
        command.Options.Add(_apiUrl);
        command.Options.Add(_config);
    }

    /// <summary>Selects the instance that the options, the environment variables or the file specify, in this order of precedence.</summary>
    /// <exception cref="CommandFailedException">No instance is usable, or the selection is ambiguous.</exception>
    public CallInstance SelectInstance(ParseResult arguments) =>
        InstanceSelector.Select(LoadGreenApiSection(arguments), arguments.GetValue(_idInstance), arguments.GetValue(_token), arguments.GetValue(_apiUrl));

    /// <summary>
    /// Selects one instance like <see cref="SelectInstance"/>, or all of them if several are configured and no option specifies one.
    /// </summary>
    /// <exception cref="CommandFailedException">No instance is usable.</exception>
    public IReadOnlyList<SelectedInstance> SelectInstances(ParseResult arguments)
    {
        var isSpecified = arguments.GetValue(_idInstance) is not null || arguments.GetValue(_token) is not null || arguments.GetValue(_apiUrl) is not null;
        return !isSpecified && InstanceSelector.SelectAll(LoadGreenApiSection(arguments)) is { Count: > 1 } all
            ? all
            : [new(SelectInstance(arguments))];
    }

    private IConfigurationSection LoadGreenApiSection(ParseResult arguments) => HostConfiguration.Load(arguments.GetValue(_config)).GetSection("GreenApi");
}

/// <summary>Selects instances of a configuration.</summary>
internal static class InstanceSelector
{
    private const string SourcesHint =
        "Specify --id-instance and --token, or a --config file, or set GreenApi__Instances__0__IdInstance and GreenApi__Instances__0__ApiTokenInstance.";

    /// <param name="greenApi">The section <c>GreenApi</c> of the configuration of a host.</param>
    /// <param name="idInstance">The number of the instance; null for the only configured one.</param>
    /// <param name="token">The API token, which takes precedence over the configured one; null for the configured one.</param>
    /// <param name="apiUrl">The address of the API, which takes precedence over the configured one; null for the configured one.</param>
    /// <exception cref="CommandFailedException">No instance is usable, or the selection is ambiguous.</exception>
    public static CallInstance Select(IConfigurationSection greenApi, long? idInstance, string? token, string? apiUrl)
    {
        var entries = Read(greenApi);
        var entry = idInstance is { } number
            ? entries.FirstOrDefault(entry => entry.IdInstance == number) ?? new() { IdInstance = number }
            : SingleEntry(entries);
        var selected = new SelectedInstance(new GreenApiInstanceOptions
        {
            IdInstance = entry.IdInstance,
            ApiTokenInstance = token ?? entry.ApiTokenInstance,
            ApiUrl = apiUrl ?? entry.ApiUrl,
            Receive = entry.Receive,
        });
        return selected.Instance ?? throw Unusable(
            idInstance is not null && (token ?? entry.ApiTokenInstance) is null ? $"There is no token for instance {idInstance}. {SourcesHint}" : selected.Problem!);
    }

    /// <summary>Selects all configured instances, including invalid ones.</summary>
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
        [] => throw Unusable($"No instance is configured. {SourcesHint}"),
        [{ BindingError: { } problem }] => throw Unusable(problem),
        [var only] => only,
        _ => throw Unusable($"Several instances are configured. Select one with --id-instance {string.Join(" or ", entries.Select(entry => entry.IdInstance))}."),
    };

    private static CommandFailedException Unusable(string message) => new(ExitCode.Unusable, message);
}

/// <summary>A selected instance, or the reason why it is invalid.</summary>
internal sealed class SelectedInstance
{
    public SelectedInstance(CallInstance instance) => (IdInstance, Instance) = (instance.IdInstance, instance);

    public SelectedInstance(GreenApiInstanceOptions entry)
    {
        var list = ConfiguredInstanceList.Create([entry]);
        IdInstance = entry.IdInstance;
        Instance = list.Instances.SingleOrDefault();
        Problem = Instance is null ? entry.BindingError ?? $"Instance {entry.IdInstance} cannot be used. {list.Problems[0].Problem}" : null;
    }

    public long IdInstance { get; }

    /// <summary>The instance; null when it is invalid.</summary>
    public CallInstance? Instance { get; }

    /// <summary>The reason why the instance is invalid, in whole sentences; null when it is valid.</summary>
    public string? Problem { get; }
}
