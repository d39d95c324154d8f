using BenchmarkDotNet.Running;
using IncomingCalls.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(OfferReading).Assembly).Run(args);
