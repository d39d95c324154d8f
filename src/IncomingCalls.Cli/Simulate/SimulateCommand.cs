using System.CommandLine;
using System.CommandLine.Parsing;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Simulate;

/// <summary><c>simulate</c>: a GREEN-API of one's own.</summary>
internal sealed class SimulateCommand : CliCommand
{
    private const int DefaultRate = 15;

    private readonly WebhookOptions _webhook;

    private readonly Option<int?> _port = NumberOption.Create("--port", "The port on 127.0.0.1; by default any free one.", 0, 65535);

    private readonly Option<int?> _instances = NumberOption.Create("--instances", "How many instances; 1 by default.", 1, 1000);

    private readonly Option<long?> _idInstance = NumberOption.Create("--id-instance", "The number of the first instance; the others follow. 1101000001 by default.", 1, long.MaxValue);

    private readonly Option<string?> _token = new("--token")
    {
        Description = "The apiTokenInstance of every instance; by default a random one for each.",
        HelpName = "token",
    };

    private readonly Option<FileInfo?> _script = new("--script")
    {
        Description = "A file of calls to play, one a line, such as '70000000101 offer 9s pickUp'; ends when all are handled. By default "
            + "people ring at random.",
        HelpName = "file",
        CustomParser = FileInfoParser.Parse,
    };

    private readonly Option<int?> _rate = NumberOption.Create(
        "--rate", $"How many calls a minute, on the average, where people ring at random; {DefaultRate} by default.", 1, 6000);

    private readonly Option<TimeSpan?> _maxRingTime = new("--longest-ring")
    {
        Description = "How long it rings at the most, where people ring at random; 12s by default.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<int?> _seed = NumberOption.Create("--seed", "A number that makes chance repeat itself.", 0, int.MaxValue);

    private readonly Option<Quirk[]> _quirks = new("--quirk")
    {
        Description = $"What is odd about this GREEN-API; several may be named. {string.Join("; ", Quirk.All.Select(quirk => $"{quirk.Name}: {quirk.Description}"))}.",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseQuirks,
    };

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "End after this time, such as 10m. By default: Ctrl+C, or the end of the script.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<TimeSpan?> _resendAfter = new("--resend-after")
    {
        Description = "The pause before a notification that the webhook did not take is posted again; 60s by default, as with GREEN-API.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<TimeSpan?> _restart = new("--restart")
    {
        Description = "How long an instance restarts after setSettings; not at all by default. With GREEN-API it takes up to 5m.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public SimulateCommand()
        : base("simulate", "Runs a GREEN-API of your own on this machine, and lets people ring.")
    {
        _webhook = new(this, isRequired: false, "Post the notifications here. By default they wait to be polled.");
        foreach (var option in new Option[] { _port, _instances, _idInstance, _token, _script, _rate, _maxRingTime, _seed, _quirks, _duration, _resendAfter, _restart })
        {
            Options.Add(option);
        }
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls simulate", "Somebody rings every few seconds; poll it with the printed settings"),
        ("incoming-calls simulate --webhook http://127.0.0.1:5000/webhooks/green-api --webhook-token my-secret --rate 60 --duration 5m", "Ring a webhook once a second for five minutes"),
        ("incoming-calls simulate --script calls.txt --quirk duplicates wrong-from --json", "Play calls from a file, oddly, and have them told as JSON"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var webhook = _webhook.GetAddress(arguments);
        var quirks = arguments.GetValue(_quirks) ?? [];
        var simulation = new Simulation(
            new()
            {
                Port = arguments.GetValue(_port) ?? 0,
                InstanceCount = arguments.GetValue(_instances) ?? 1,
                FirstIdInstance = arguments.GetValue(_idInstance),
                Token = arguments.GetValue(_token),
                Webhook = webhook,
                Authorization = webhook is null ? null : _webhook.GetAuthorization(arguments),
                Script = arguments.GetValue(_script) is { } file ? CallScript.Read(file) : null,
                MeanPause = TimeSpan.FromMinutes(1) / (arguments.GetValue(_rate) ?? DefaultRate),
                MaxRingTime = arguments.GetValue(_maxRingTime),
                Seed = arguments.GetValue(_seed) ?? Random.Shared.Next(),
                CallQuirks = quirks.Aggregate(Testing.CallQuirks.None, (all, quirk) => all | quirk.Calls),
                GatewayQuirks = quirks.Aggregate(Testing.GatewayQuirks.None, (all, quirk) => all | quirk.Gateway),
                Duration = arguments.GetValue(_duration),
                ResendDelay = arguments.GetValue(_resendAfter),
                RestartAfterSettings = arguments.GetValue(_restart),
            },
            invocation.Terminal.Time);
        return invocation.UsesLiveDisplay
            ? await new SimulationDisplay(invocation.Terminal).RunAsync(simulation, cancellationToken)
            : await simulation.RunAsync(line => invocation.Output.Write(line, CliJsonContext.Readable.SimulateLine), cancellationToken);
    }

    private static Quirk[] ParseQuirks(ArgumentResult result)
    {
        var names = result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (names.FirstOrDefault(name => Quirk.Find(name) is null) is { } unknown)
        {
            result.AddError($"There is no quirk '{unknown}'; there are {string.Join(", ", Quirk.All.Select(quirk => quirk.Name))}.");
            return [];
        }

        return [.. names.Select(name => Quirk.Find(name)!)];
    }
}
