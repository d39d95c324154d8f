using System.CommandLine;
using System.Text.Json;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Output;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Cli.Connections;

/// <summary>Reads the configuration as a host does: a JSON file, and environment variables that take precedence over it.</summary>
internal static class HostConfiguration
{
    public static Option<FileInfo?> CreateOption() => new("--config")
    {
        Description = "A JSON file with the configuration of your host, for example appsettings.json. Environment variables such as "
            + "GreenApi__Instances__0__ApiTokenInstance take precedence over it.",
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
        // Without the message of the exception, which may quote the file.
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new CommandFailedException(
                ExitCode.Unusable,
                e is JsonException { LineNumber: { } line }
                    ? $"{file} is not a valid JSON configuration file: line {line + 1} is invalid."
                    : $"{file} is not a valid JSON configuration file.");
        }
    }
}
