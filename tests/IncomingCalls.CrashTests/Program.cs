using System.Globalization;
using IncomingCalls.CrashTests.Desk;
using IncomingCalls.CrashTests.Driver;

// The same program is both: the driver, which a person starts, and the host that it starts and kills.
if (args is ["host", ..])
{
    await DeskHost.RunAsync(DeskSettings.FromEnvironment());
    return 0;
}

int? Number(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
    ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
    : null;

var plan = new CrashPlan { Kills = Number("--kills") ?? 200, Seed = Number("--seed") ?? Random.Shared.Next(), Worlds = Number("--worlds") ?? 2 };
var result = await CrashRun.RunAsync(plan, Console.WriteLine);
Console.WriteLine(result);
return result.Violations.Count == 0 ? 0 : 1;
