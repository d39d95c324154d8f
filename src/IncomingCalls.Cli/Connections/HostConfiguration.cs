using System.CommandLine;
using System.Text.Json;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli.Connections;

/// <summary>Reads the configuration as a host would: a JSON file, and environment variables above it.</summary>
internal static class HostConfiguration
{
    public static Option<FileInfo?> CreateOption() => new("--config")
    {
        Description = "A JSON file with the keys of your host, an appsettings.json for example. Environment variables such as "
            + "GreenApi__Instances__0__ApiTokenInstance come before it.",
        HelpName = "file",
        CustomParser = FileInfoParser.Parse,
    };

    /// <exception cref="CommandFailedException">The file cannot be read.</exception>
    public static IConfigurationRoot Load(FileInfo? file)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            builder.AddJsonStream(new MemoryStream(InputFile.ReadAllBytes(file)));
        }

        try
        {
            return builder.AddEnvironmentVariables().Build();
        }
        // Without the message of either, which may quote the file.
        catch (Exception e) when (e is JsonException or FormatException)
        {
            var place = e is JsonException { LineNumber: { } line } ? $", line {line + 1}" : "";
            throw new CommandFailedException(ExitCode.Unusable, $"{file} is not a JSON file of settings{place}.");
        }
    }
}
