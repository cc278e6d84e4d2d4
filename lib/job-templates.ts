import { ArnFormat, CfnDeletionPolicy, Names, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { TemplateVersion } from '#contract/template.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import type { JobQueues } from './job-queues.ts';
import { allowSend } from './queue-with-dlq.ts';

/** A machine name is this prefix, the template's name and a hash, and has at most 80 characters. */
const MAX_PREFIX_LENGTH = 30;

export interface JobTemplatesProps {
  readonly queues: JobQueues;
  readonly templates: readonly TemplateVersion[];
  /** True if the machines of replaced templates are deleted, even if jobs still need them. */
  readonly disposable: boolean;
}

/** Templates → state machines. The API creates more of them at run time, with the same prefix and role. */
export class JobTemplates extends Construct {
  /** Common beginning of the ARNs of all machines. */
  readonly address: string;
  readonly role: Role;
  readonly #executions: string;

  constructor(scope: Construct, id: string, { queues, templates, disposable }: JobTemplatesProps) {
    super(scope, id);
    const prefix = Names.uniqueResourceName(this, { maxLength: MAX_PREFIX_LENGTH, separator: '-' });
    const stack = Stack.of(this);
    const addressOf = (resource: string) =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName: prefix,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.address = addressOf('stateMachine');
    this.#executions = addressOf('execution');
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        rights: new PolicyDocument({ statements: [allowSend(queues.split.queue, queues.results.queue)] }),
      },
    });
    const flowQueues = { split: queues.split.queue.queueUrl, results: queues.results.queue.queueUrl };
    for (const template of templates) {
      const machine = new CfnStateMachine(this, template.name, {
        stateMachineName: `${prefix}-${deployedMachine(template)}`,
        roleArn: this.role.roleArn,
        definitionString: stack.toJsonString(compileTemplate(template, flowQueues)),
      });
      // A changed template gets a machine with another name. Jobs that have not started yet still need the
      // old one.
      if (!disposable) {
        machine.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
        machine.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      }
    }
  }

  /** Allows creating machines and publishing new versions. */
  allowPublish(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: [
          'states:CreateStateMachine',
          'states:UpdateStateMachine',
          'states:PublishStateMachineVersion',
        ],
        resources: [`${this.address}-*`],
      }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      }),
    ];
  }

  allowStart(): PolicyStatement {
    return new PolicyStatement({ actions: ['states:StartExecution'], resources: [`${this.address}-*`] });
  }

  allowStop(): PolicyStatement {
    return new PolicyStatement({ actions: ['states:StopExecution'], resources: [`${this.#executions}-*`] });
  }

  /** Allows completing tasks that wait for a callback. */
  allowAnswer(): PolicyStatement {
    return new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resources: [`${this.address}-*`],
    });
  }
}
