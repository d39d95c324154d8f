using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli;

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
