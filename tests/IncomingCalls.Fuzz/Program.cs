using IncomingCalls.Fuzz;

try
{
    var report = await new Fuzzer(FuzzOptions.Parse(args)).RunAsync();
    foreach (var fault in report.Faults)
    {
        Console.WriteLine($"FAULT at input {fault.Number}: {fault.Text}");
        Console.WriteLine($"  {Convert.ToBase64String(fault.Input)}");
    }

    Console.WriteLine($"seed: {report.Seed}");
    Console.WriteLine($"inputs: {report.Inputs}");
    foreach (var (kind, count) in report.Kinds.OrderBy(entry => entry.Key, StringComparer.Ordinal))
    {
        Console.WriteLine($"inputs ({kind}): {count}");
    }

    Console.WriteLine($"faults: {report.Faults.Count}");
    return report.Faults.Count == 0 ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
