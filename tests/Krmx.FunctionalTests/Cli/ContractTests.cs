using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Server.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Krmx.FunctionalTests.Cli;

/// <summary>A server that serves its contract, and <c>krmx contract</c>, which asks for it.</summary>
public sealed class ContractTests
{
    [Fact]
    public async Task Contract_HasEveryRouteAndLeavesNoRoom()
    {
        await using TestServer server = await ServeAsync();

        (int exitCode, string document, string errors) = await CliProcess.RunAsync(["contract", $"http://localhost:{server.Port}"]);

        Assert.Equal((0, ""), (exitCode, errors));
        JsonNode channels = JsonNode.Parse(document)!["channels"]!;
        Assert.Equal("/krmx", (string?)channels["krmx"]!["address"]);
        Assert.Equal("/boards/{board}/{part}", (string?)channels["boards.board.part"]!["address"]);
        Assert.Equal("/api/chats/{room}", (string?)channels["api.chats.room"]!["address"]);
        Assert.Equal(["board", "part"], channels["boards.board.part"]!["parameters"]!.AsObject().Select(static parameter => parameter.Key));
        Assert.Equal("say", (string?)channels["boards.board.part"]!["messages"]!["say"]!["name"]);
        Assert.DoesNotContain(server.App.Services.GetRequiredService<KrmxRooms>().List(), static room => room.Name.Length > 0);
    }

    [Fact]
    public async Task Contract_IsWrittenToAFile()
    {
        await using TestServer server = await ServeAsync();
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            (int exitCode, string output, _) = await CliProcess.RunAsync(["contract", $"http://localhost:{server.Port}/krmx/asyncapi.json", "--output", file]);
            Assert.Equal((0, ""), (exitCode, output));
            Assert.Contains("\"3.0.0\"", await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Contract_OfARoomThatCannotBeSetUpSaysWhy()
    {
        await using TestServer server = await new TestServer().With(static server => server.Map = app =>
        {
            app.MapKrmx("/games/{game}", room => throw new InvalidOperationException($"there is no game {room.Name}"));
            app.MapKrmxContract(roomName: "chess");
        }).StartAsync();

        string error = await CliProcess.FailAsync(1, "contract", $"http://localhost:{server.Port}");

        Assert.EndsWith("the server answered 500: cannot describe /games/{game}: setting up a room named 'chess' failed: there is no game chess", error);
    }

    [Fact]
    public async Task WhatIsNoContractIsTold()
    {
        await using TestServer server = await new TestServer().With(static server => server.Map = app => app.MapGet("/", static () => "hello")).StartAsync();

        Assert.Contains("does it call app.MapKrmxContract()?", await CliProcess.FailAsync(1, "contract", $"http://localhost:{server.Port}"));
        Assert.Contains("is no contract", await CliProcess.FailAsync(1, "contract", $"http://localhost:{server.Port}/?"));
        Assert.Contains("cannot reach http://localhost:1/krmx/asyncapi.json", await CliProcess.FailAsync(1, "contract", "http://localhost:1"));
        Assert.Contains("'ws://localhost/' is no address of a server", await CliProcess.FailAsync(2, "contract", "ws://localhost/"));
    }

    private static Task<TestServer> ServeAsync() => new TestServer().With(static server => server.Map = app =>
    {
        app.MapKrmx("/krmx", server.SetUp);
        app.MapKrmx("/boards/{board:maxlength(20)}/{part=all}", room => room.OnMessage<string>("say", (_, _) => { }));
        app.MapGroup("/api").MapKrmx("/chats/{room}", room => room.OnMessage<string>("say", (_, _) => { }));
        app.MapKrmxContract();
    }).StartAsync();
}
