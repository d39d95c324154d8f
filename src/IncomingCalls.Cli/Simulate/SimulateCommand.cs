using System.CommandLine;
using System.CommandLine.Parsing;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Simulate;

/// <summary><c>simulate</c>: runs a GREEN-API simulator.</summary>
internal sealed class SimulateCommand : CliCommand
{
    private const int DefaultRate = 15;

    private readonly WebhookOptions _webhook;

    private readonly Option<int?> _port = NumberOption.Create("--port", "The port on 127.0.0.1; by default any free port.", 0, 65535);

    private readonly Option<int?> _instances = NumberOption.Create("--instances", "The number of instances; 1 by default.", 1, 1000);

    private readonly Option<long?> _idInstance = NumberOption.Create("--id-instance", "The idInstance of the first instance, 1101000001 by default; the other instances have the following numbers.", 1, long.MaxValue);

    private readonly Option<string?> _token = new("--token")
    {
        Description = "The apiTokenInstance of all instances; by default a random token for each.",
        HelpName = "token",
    };

    private readonly Option<FileInfo?> _script = new("--script")
    {
        Description = "A file of calls to play, one per line, such as '70000000101 offer 9s pickUp'. The command ends when all are acknowledged. "
            + "By default random calls are generated.",
        HelpName = "file",
        CustomParser = FileInfoParser.Parse,
    };

    private readonly Option<int?> _rate = NumberOption.Create(
        "--rate", $"The average number of random calls per minute; {DefaultRate} by default.", 1, 6000);

    private readonly Option<TimeSpan?> _maxRingTime = new("--longest-ring")
    {
        Description = "The longest ring time of random calls; 12s by default.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<int?> _seed = NumberOption.Create("--seed", "The seed of the random calls; the same seed generates the same calls.", 0, int.MaxValue);

    private readonly Option<Quirk[]> _quirks = new("--quirk")
    {
        Description = $"Deviations from the documented behavior to simulate; several are allowed. {string.Join("; ", Quirk.All.Select(quirk => $"{quirk.Name}: {quirk.Description}"))}.",
        HelpName = "name",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseQuirks,
    };

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "End after this time, such as 10m. By default the command runs until Ctrl+C or the end of the script.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<TimeSpan?> _resendAfter = new("--resend-after")
    {
        Description = "The delay before a notification that the webhook did not acknowledge is redelivered; 60s by default, as with GREEN-API.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    private readonly Option<TimeSpan?> _restart = new("--restart")
    {
        Description = "How long an instance restarts after setSettings; by default it does not. With GREEN-API a restart takes up to 5m.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public SimulateCommand()
        : base("simulate", "Runs a GREEN-API simulator on this machine and generates calls.")
    {
        _webhook = new(this, isRequired: false, "The address to post the notifications to. By default they are received by polling.");
        foreach (var option in new Option[] { _port, _instances, _idInstance, _token, _script, _rate, _maxRingTime, _seed, _quirks, _duration, _resendAfter, _restart })
        {
            Options.Add(option);
        }
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls simulate", "Generate a call every few seconds; configure your host with the printed settings to poll it"),
        ("incoming-calls simulate --webhook http://127.0.0.1:5000/webhooks/green-api --webhook-token my-secret --rate 60 --duration 5m", "Post calls to a webhook, one per second for five minutes"),
        ("incoming-calls simulate --script calls.txt --quirk duplicates wrong-from --json", "Play calls from a file with two quirks, with output as JSON"),
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
                State = quirks.Max(quirk => (Testing.SimulatedState?)quirk.State) ?? Testing.SimulatedState.Authorized,
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
            result.AddError($"There is no quirk '{unknown}'. The quirks are {string.Join(", ", Quirk.All.Select(quirk => quirk.Name))}.");
            return [];
        }

        Quirk[] quirks = [.. names.Select(name => Quirk.Find(name)!)];
        if (quirks.Select(quirk => quirk.State).Where(state => state != Testing.SimulatedState.Authorized).Distinct().Count() > 1)
        {
            result.AddError($"An instance is in one state: use one of the quirks {string.Join(", ", Quirk.All.Where(quirk => quirk.State != Testing.SimulatedState.Authorized).Select(quirk => quirk.Name))}.");
        }

        return quirks;
    }
}
