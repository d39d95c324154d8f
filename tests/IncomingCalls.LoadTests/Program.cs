using IncomingCalls.LoadTests;

// The same program is the load generator, which is started by hand, and the servers that it starts.
if (args is [ServerProcess.ServerArgument, .. var settings])
{
    await LoadServer.RunAsync(settings);
    return 0;
}

try
{
    await CpuAffinity.PinLoadAsync();
    var options = LoadOptions.Parse(args);
    List<Figure> figures = [];
    foreach (var measurement in MeasurementCatalog.Select(options.Names))
    {
        foreach (var figure in await measurement.RunAsync(options))
        {
            figures.Add(figure);
            Console.WriteLine(figure);
        }
    }

    await using var output = Console.OpenStandardOutput();
    await FigureReport.WriteAsync(figures, output);
    Console.WriteLine();
    return (int)FigureReport.DetermineExitCode(figures);
}
catch (Exception e) when (e is ArgumentException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return (int)ExitCode.Inconclusive;
}
