using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

internal sealed record LogEntry(string Category, LogLevel Level, int Id, string Text);
